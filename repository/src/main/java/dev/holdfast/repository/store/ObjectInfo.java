package dev.holdfast.repository.store;

/// An object that a listing found.
public record ObjectInfo(ObjectKey key, long lengthBytes) {}
