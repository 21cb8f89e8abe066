/// Cutting of content at boundaries that the content itself decides (format sheet, section 9).
///
/// Knows bytes only. Open [dev.holdfast.repository.chunk.RabinCutter] first.
@NullMarked
package dev.holdfast.repository.chunk;

import org.jspecify.annotations.NullMarked;
