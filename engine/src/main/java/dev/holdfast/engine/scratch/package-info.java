/// Places for what is not encrypted and must not stay, whatever becomes of the process.
///
/// It knows the file system and nothing of what is put there. Open
/// [dev.holdfast.engine.scratch.PrivateDirectory] first.
@NullMarked
package dev.holdfast.engine.scratch;

import org.jspecify.annotations.NullMarked;
