package dev.holdfast.repository.error;

import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/// Why the system did not do something with a file. Java's own messages are often the file's name
/// and nothing more, or nothing at all.
public final class Reason {
  private Reason() {}

  /// A few words, to be read after what was tried.
  public static String of(Exception cause) {
    if (cause instanceof FileSystemException named && named.getReason() != null) {
      return named.getReason();
    }
    return switch (cause) {
      case AccessDeniedException _ -> "permission denied";
      case NoSuchFileException _ -> "no such file or folder";
      case FileAlreadyExistsException _ -> "a file of that name is in the way";
      case NotDirectoryException _ -> "not a folder";
      case DirectoryNotEmptyException _ -> "the folder is not empty";
      case ClosedByInterruptException _ -> "interrupted";
      default -> cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    };
  }
}
