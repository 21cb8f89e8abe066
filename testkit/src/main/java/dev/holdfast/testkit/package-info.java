/// What tests of every module share: the real programs they are held against, and seeded data.
///
/// Knows no module but `posix`, so that even the repository's own tests can use it. Open
/// [dev.holdfast.testkit.ResticProgram] first.
@NullMarked
package dev.holdfast.testkit;

import org.jspecify.annotations.NullMarked;
