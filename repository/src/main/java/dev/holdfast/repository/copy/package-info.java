/// Brings snapshots from one repository into another, with other keys and maybe another version of
/// the format, without cutting or compressing anything anew.
///
/// Knows nothing of what snapshots hold. Open [dev.holdfast.repository.copy.SnapshotCopier] first.
@NullMarked
package dev.holdfast.repository.copy;

import org.jspecify.annotations.NullMarked;
