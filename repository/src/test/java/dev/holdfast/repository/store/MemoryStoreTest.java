package dev.holdfast.repository.store;

class MemoryStoreTest implements ObjectStoreContract {
  private final MemoryStore store = new MemoryStore();

  @Override
  public ObjectStore store() {
    return store;
  }

  @Override
  public ObjectStore reopened() {
    return store;
  }
}
