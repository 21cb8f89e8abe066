package dev.holdfast.repository.store.sftp;

import java.io.IOException;

/// An answer other than success.
final class SftpException extends IOException {
  static final int OK = 0;
  static final int END_OF_FILE = 1;
  static final int NO_SUCH_FILE = 2;
  static final int PERMISSION_DENIED = 3;
  static final int OPERATION_UNSUPPORTED = 8;

  private static final long serialVersionUID = 1L;

  private final int code;

  /// @param code one of the protocol's, section 7
  SftpException(int code, String message) {
    super(message.isEmpty() ? "status " + code : message);
    this.code = code;
  }

  int code() {
    return code;
  }
}
