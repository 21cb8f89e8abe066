/// Tests of questions to a repository.
@NullMarked
package dev.holdfast.engine.query;

import org.jspecify.annotations.NullMarked;
