/// Repairs as a person asks for them: by the starts of ids, and by filters.
///
/// Decides nothing of what is damaged or how it is mended. Open
/// [dev.holdfast.engine.repair.Repairs] first.
@NullMarked
package dev.holdfast.engine.repair;

import org.jspecify.annotations.NullMarked;
