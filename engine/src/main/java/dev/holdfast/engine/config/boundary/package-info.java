/// What belongs to an app: patterns for paths that bind names, what they match at this moment, and
/// what lies beside it. Never follows a symbolic link below an app's root. Open
/// [dev.holdfast.engine.config.boundary.Boundary] first.
@NullMarked
package dev.holdfast.engine.config.boundary;

import org.jspecify.annotations.NullMarked;
