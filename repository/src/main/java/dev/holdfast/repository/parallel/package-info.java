/// Running one piece of work in several threads.
///
/// Knows nothing of what the work is. Open [dev.holdfast.repository.parallel.Workers] first.
@NullMarked
package dev.holdfast.repository.parallel;

import org.jspecify.annotations.NullMarked;
