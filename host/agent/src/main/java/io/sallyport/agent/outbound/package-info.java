/// The way out as the agent sees it: a listener inside each sandbox's network namespace, whose connections are handed
/// to the egress gateway unread.
///
/// Starting points: [WayOut] is what a sandbox is given; [Door] is the listener.
@NullMarked
package io.sallyport.agent.outbound;

import org.jspecify.annotations.NullMarked;
