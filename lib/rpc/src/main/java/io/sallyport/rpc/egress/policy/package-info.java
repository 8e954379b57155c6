/// What a policy of the way out means. Pure; nothing here resolves a name or keeps a secret.
///
/// Starting points: [CompiledPolicy] decides; [E2bNetwork] is how the `e2b` clients write a policy.
@NullMarked
package io.sallyport.rpc.egress.policy;

import org.jspecify.annotations.NullMarked;
