package io.runnel.p2p.signalling;

import io.runnel.crypto.CollectionScope;
import io.runnel.crypto.VerifyingKey;

/** An issuer and the collection it admits to: what a peer must have been admitted by. */
record Authority(VerifyingKey issuer, CollectionScope scope) {}
