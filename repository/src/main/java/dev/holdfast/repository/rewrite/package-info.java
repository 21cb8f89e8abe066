/// Trees made of other trees, with some entries left out.
///
/// Knows no patterns and no manifest. Open [dev.holdfast.repository.rewrite.TreeRewriter] first.
@NullMarked
package dev.holdfast.repository.rewrite;

import org.jspecify.annotations.NullMarked;
