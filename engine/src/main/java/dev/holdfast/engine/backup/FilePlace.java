package dev.holdfast.engine.backup;

import dev.holdfast.repository.format.Node;
import org.jspecify.annotations.Nullable;

/// Where a file of the snapshot belongs.
///
/// @param directory where its node goes
/// @param index its place there
/// @param previous the same file in the parent snapshot
/// @param startNanos when work on it began
record FilePlace(PendingDirectory directory, int index, @Nullable Node previous, long startNanos) {}
