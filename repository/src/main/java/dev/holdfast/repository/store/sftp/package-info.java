/// Repositories on machines that are reached by SSH.
///
/// Knows version 3 of the SSH File Transfer Protocol (draft-ietf-secsh-filexfer-02) as far as a
/// repository needs it, and that another program carries it; nothing of SSH itself. Open
/// [dev.holdfast.repository.store.sftp.SftpStore] first.
@NullMarked
package dev.holdfast.repository.store.sftp;

import org.jspecify.annotations.NullMarked;
