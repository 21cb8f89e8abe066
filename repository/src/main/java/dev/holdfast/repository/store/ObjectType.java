package dev.holdfast.repository.store;

/// The kinds of object in a repository, with the folder each lies in (format sheet, section 1).
public enum ObjectType {
  CONFIG("config"),
  KEY("keys"),
  LOCK("locks"),
  SNAPSHOT("snapshots"),
  INDEX("index"),
  PACK("data"),

  /// Holdfast's own small sealed files. restic lists its five folders and nothing else; the last
  /// part of the name is one that servers of its REST protocol serve below any folder.
  RECORD("holdfast/index");

  private final String folder;

  ObjectType(String folder) {
    this.folder = folder;
  }

  /// The folder of the default layout; for [#CONFIG] the name of the one file.
  public String folder() {
    return folder;
  }
}
