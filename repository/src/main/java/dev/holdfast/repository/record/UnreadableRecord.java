package dev.holdfast.repository.record;

import dev.holdfast.repository.error.HoldfastException;

/// A record that could not be read, and why. Its kind is unknown: it is inside.
public record UnreadableRecord(RecordId id, HoldfastException cause) {}
