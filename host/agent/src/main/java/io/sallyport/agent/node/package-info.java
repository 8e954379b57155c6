/// This machine
///
/// Starting point: [ running commands, and removing what a killed agent left behind.:Leftovers].
@NullMarked
package io.sallyport.agent.node;

import org.jspecify.annotations.NullMarked;
