/// Recovery: an app's live data goes back to a snapshot, or stays as it was (design, section 7).
///
/// Planned as a value, carried out step by step, each step recorded before and after; knows the
/// repository as something to stage from, and databases by what their engines say. A further kind
/// of database file needs nothing here but a [dev.holdfast.engine.source.DatabaseRecovery]; a
/// server is one more [dev.holdfast.engine.recover.Replacer]. Open
/// [dev.holdfast.engine.recover.Recovery] first.
@NullMarked
package dev.holdfast.engine.recover;

import org.jspecify.annotations.NullMarked;
