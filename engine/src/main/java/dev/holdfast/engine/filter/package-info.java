/// Patterns on paths, with restic's meaning: what a backup excludes, what a restore or a search
/// includes.
///
/// Knows strings only, never the file system. Names that are not UTF-8 are matched byte for byte,
/// see [dev.holdfast.posix.OsString]. Open [dev.holdfast.engine.filter.PathFilter] first.
@NullMarked
package dev.holdfast.engine.filter;

import org.jspecify.annotations.NullMarked;
