/// What a person writes about repositories and apps: `holdfast.yaml`, overridden from the
/// environment, checked against one description, turned into records. Knows no command line and no
/// engine of any database. Open [dev.holdfast.engine.config.ConfigurationLoader] first, then
/// [dev.holdfast.engine.config.ConfigurationShape].
@NullMarked
package dev.holdfast.engine.config;

import org.jspecify.annotations.NullMarked;
