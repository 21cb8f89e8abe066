/// What holds the shape of the project: directions between layers, tidiness, and documents that
/// tell the truth. Open [dev.holdfast.architecture.ArchitectureTest] first.
@NullMarked
package dev.holdfast.architecture;

import org.jspecify.annotations.NullMarked;
