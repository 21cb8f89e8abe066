package dev.holdfast.repository.format;

/// What a blob holds (format sheet, section 4). A blob's identity is its type together with its id.
public enum BlobType {
  DATA("data"),
  TREE("tree");

  private final String jsonName;

  BlobType(String jsonName) {
    this.jsonName = jsonName;
  }

  /// The word that index files use.
  public String jsonName() {
    return jsonName;
  }
}
