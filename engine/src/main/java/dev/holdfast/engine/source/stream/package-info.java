/// Streams as a source: standard input and the output of commands.
///
/// Knows nothing of where the bytes go. Open [dev.holdfast.engine.source.StreamSource] first.
@NullMarked
package dev.holdfast.engine.source.stream;

import org.jspecify.annotations.NullMarked;
