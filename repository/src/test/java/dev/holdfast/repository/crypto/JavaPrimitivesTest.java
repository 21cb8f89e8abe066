package dev.holdfast.repository.crypto;

final class JavaPrimitivesTest implements PrimitivesContract {
  @Override
  public Primitives primitives() {
    return new JavaPrimitives();
  }
}
