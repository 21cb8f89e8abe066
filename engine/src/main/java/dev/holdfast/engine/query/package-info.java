/// Questions to a repository: which snapshots there are, what is in them, how they differ.
///
/// Answers are views that name things with words and numbers, so that those who ask need to know
/// nothing of the format; nothing here changes a repository. Open
/// [dev.holdfast.engine.query.Snapshots] first.
@NullMarked
package dev.holdfast.engine.query;

import org.jspecify.annotations.NullMarked;
