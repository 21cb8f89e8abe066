/// Small sealed records of Holdfast's own that lie in a repository beside what restic puts there:
/// restic neither sees nor touches them, and they go wherever the repository is copied to.
///
/// Knows nothing of what a record says. Open [dev.holdfast.repository.record.Records] first.
@NullMarked
package dev.holdfast.repository.record;

import org.jspecify.annotations.NullMarked;
