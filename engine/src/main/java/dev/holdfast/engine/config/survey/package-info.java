/// A first configuration for a folder: which databases lie in it, which layout repeats, what else
/// is there. Knows nothing of how it is backed up. Open [dev.holdfast.engine.config.survey.Survey]
/// first.
@NullMarked
package dev.holdfast.engine.config.survey;

import org.jspecify.annotations.NullMarked;
