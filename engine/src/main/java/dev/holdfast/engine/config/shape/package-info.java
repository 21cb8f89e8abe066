/// Text in YAML against a description of what it may be: values that know their line and column,
/// shapes that say which keys and values there are, problems in the words of a person, and the same
/// shapes as a JSON Schema and as names of environment variables. Knows nothing of backups. Open
/// [dev.holdfast.engine.config.shape.Shape] first.
@NullMarked
package dev.holdfast.engine.config.shape;

import org.jspecify.annotations.NullMarked;
