/// The journal of a recovery: a file of one JSON record a line, durable line by line, from which
/// any process can tell what was done, and go on or go back.
///
/// Knows what a plan is, not how it is carried out. Open
/// [dev.holdfast.engine.recover.journal.Journal] first.
@NullMarked
package dev.holdfast.engine.recover.journal;

import org.jspecify.annotations.NullMarked;
