/// Holdfast and the real `restic` on the same repositories, both ways: a gate.
///
/// Both are run as programs, by their command lines.
@NullMarked
package dev.holdfast.interop;

import org.jspecify.annotations.NullMarked;
