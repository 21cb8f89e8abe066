/// The expected failures of Holdfast: one sealed hierarchy, shared by every layer above.
///
/// Open [dev.holdfast.repository.error.HoldfastException] first.
@NullMarked
package dev.holdfast.repository.error;

import org.jspecify.annotations.NullMarked;
