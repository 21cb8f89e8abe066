package dev.holdfast.repository.record;

/// A record as it lies in a repository.
///
/// @param content what [Records#save] was given
public record StoredRecord(RecordId id, RecordKind kind, String content) {}
