package dev.holdfast.repository.error;

import org.jspecify.annotations.Nullable;

/// An expected failure: something a person or a script can act on, as opposed to a bug.
///
/// The message is one lowercase sentence without a final stop that names the thing; [#hint()] says
/// what to do about it, or is empty when there is nothing useful to say. Neither ever holds a
/// secret.
public abstract sealed class HoldfastException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String hint;

  private HoldfastException(String message, String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.hint = hint;
  }

  /// What to do about it, one sentence, or the empty string.
  public String hint() {
    return hint;
  }

  /// Stored bytes are not what they must be: wrong hash, failed authentication, bad structure.
  public static final class Corrupt extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public Corrupt(String message) {
      this(message, null);
    }

    public Corrupt(String message, @Nullable Throwable cause) {
      this(message, "run 'holdfast check --read-data' to learn what is affected", cause);
    }

    public Corrupt(String message, String hint, @Nullable Throwable cause) {
      super(message, hint, cause);
    }
  }

  /// A named thing does not exist.
  public static final class NotFound extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public NotFound(String message, String hint) {
      super(message, hint, null);
    }
  }

  /// There is no repository at the named place.
  public static final class NoRepository extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public NoRepository(String message, String hint) {
      super(message, hint, null);
    }
  }

  /// A thing that was to be created is already there.
  public static final class AlreadyExists extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public AlreadyExists(String message, String hint) {
      super(message, hint, null);
    }
  }

  /// Another process holds a lock that excludes what was asked.
  public static final class Locked extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public Locked(String message, String hint) {
      super(message, hint, null);
    }
  }

  /// No key of the repository opens with the password that was given.
  public static final class WrongKey extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public WrongKey(String message, String hint) {
      super(message, hint, null);
    }
  }

  /// The thing is well-formed but of a kind or version that this program does not handle.
  public static final class Unsupported extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public Unsupported(String message, String hint) {
      super(message, hint, null);
    }
  }

  /// A failure that may pass by itself: the only one that is retried, and only by the retrying
  /// store.
  public static final class Transient extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public Transient(String message, @Nullable Throwable cause) {
      super(message, "try again later", cause);
    }
  }

  /// Input or output failed for good: disk full, no permission, read or write error.
  public static final class InputOutput extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public InputOutput(String message, String hint, @Nullable Throwable cause) {
      super(message, hint, cause);
    }
  }

  /// The request itself cannot be carried out as given: a bad argument, a refused operation.
  public static final class Rejected extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public Rejected(String message, String hint) {
      super(message, hint, null);
    }
  }

  /// A person or a signal stopped the work.
  public static final class Cancelled extends HoldfastException {
    private static final long serialVersionUID = 1L;

    public Cancelled(String message) {
      super(message, "", null);
    }
  }
}
