package dev.holdfast.engine.recover.server;

import dev.holdfast.engine.source.SourceFacts;
import dev.holdfast.engine.source.postgres.DumpHead;
import dev.holdfast.engine.source.postgres.PostgresSettings;
import java.util.Optional;
import java.util.function.Supplier;

/// A database of a server that a person wants recovered.
///
/// @param source what the configuration calls the server's databases; empty for one of an address
/// @param settings of the server, with its password
/// @param database its name there
/// @param from where the dump is in the snapshot; empty: the database is put aside
/// @param path where snapshots of the present state have its dump
/// @param bytes of the dump
/// @param facts what the manifest says of the dump
/// @param head what the dump says of itself; asked when the server is known to take it
/// @param mask statements to run on the new state before it goes live
public record ServerTarget(
    Optional<String> source,
    PostgresSettings settings,
    String database,
    Optional<String> from,
    String path,
    long bytes,
    Optional<SourceFacts> facts,
    Optional<Supplier<DumpHead>> head,
    Optional<String> mask) {}
