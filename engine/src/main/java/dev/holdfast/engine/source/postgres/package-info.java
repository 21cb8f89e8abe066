/// PostgreSQL databases, dumped live by the client programs of PostgreSQL itself: `psql` holds the
/// snapshot, `pg_dump` reads it, and what passes by is verified to its end. Dumps become databases
/// again beside live ones, in their place, or in scratch places.
///
/// Knows nothing of where dumps go. Open [dev.holdfast.engine.source.postgres.PostgresServer]
/// first.
@NullMarked
package dev.holdfast.engine.source.postgres;

import org.jspecify.annotations.NullMarked;
