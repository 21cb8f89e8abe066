/// Small JSON texts as trees of maps, lists, texts, numbers and truth values: records of journals
/// and drills, and the descriptions in archives. Knows nothing of what they say. Manifests, which
/// may be large, are streamed and have a codec of their own. Open {@link
/// dev.holdfast.engine.json.JsonTree} first.
@NullMarked
package dev.holdfast.engine.json;

import org.jspecify.annotations.NullMarked;
