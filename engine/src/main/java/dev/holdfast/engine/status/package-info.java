/// How well each app is protected: what its newest snapshots are, whether anything is overdue.
///
/// Looks at repositories and changes nothing. Open [dev.holdfast.engine.status.Protection] first.
@NullMarked
package dev.holdfast.engine.status;

import org.jspecify.annotations.NullMarked;
