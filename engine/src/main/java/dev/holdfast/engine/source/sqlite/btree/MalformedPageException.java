package dev.holdfast.engine.source.sqlite.btree;

/// A page that cannot be what its place in the database says. The message names the page.
public final class MalformedPageException extends Exception {
  private static final long serialVersionUID = 1L;

  MalformedPageException(String message) {
    super(message);
  }
}
