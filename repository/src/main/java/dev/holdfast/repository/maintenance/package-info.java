/// Looking after a repository: finding damage and saying what it affects.
///
/// Reads everything and believes nothing; changes nothing. Open
/// [dev.holdfast.repository.maintenance.Checker] first.
@NullMarked
package dev.holdfast.repository.maintenance;

import org.jspecify.annotations.NullMarked;
