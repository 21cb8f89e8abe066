package dev.holdfast.engine.recover.plan;

/// What a person wants recovered, and to where.
///
/// @param from a path in the snapshot
/// @param live where it is to be, absolute; links in it are followed
public record Target(String from, String live) {}
