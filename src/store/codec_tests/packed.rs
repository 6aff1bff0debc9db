//! Records in less room, as they were packed once.

use super::*;

/// A record of version 2, as the first program that packed wrote it. These never change either.
fn v2<T: DeserializeOwned + PartialEq + Debug>(kind: Kind, number: u64, packed: &str, record: &T) {
    let bytes = hex::decode(packed).expect("hexadecimal");
    let (found, read): (u64, T) =
        codec::decode(kind, &bytes).expect("what was written once is read for ever");
    assert_eq!((found, &read), (number, record), "{kind:?}");
    assert_eq!(codec::number(kind, &bytes).expect("a header"), number);
}

const HEAD_PACKED: &str = "0268000000000000000728b52ffd60670305090084063746335173616d706c6561625a6fc3ab204f27427269656e746865207365636f6e64206f6e522d3165782e6f72672f6376393831312d32333131323931327965734275646765742e397d39456c736577686572652e332e3122312e32226172636869766564227d7d42206042919999d903499e02b20ca0643df04d0e10eb04e68b24190eaf3cc5d9eb362904e418b0d2069e5b9a8880f075e0b513c814892e7e16f381b97db1c2622406eb7c0372d830c7a1cb6b1eb820bd0f58ee1764b926f2b53a58c0b6419732209ea7cfc305570b3681c18bb8812fc30dd0988177aeef9fdfe3bee0730aec73016c6a808de3b20b19cd40043f8b8d4a8bdd1932eb84038f3f3e68dc729b75f82f2a705e20e71098a78baf15a1b2c945a84c4a417c80";
const CARD_PACKED: &str = "0263000000000000000828b52ffd6088009d0300b40331323a2264726577205c22626f74685c22207368617264735c6e6174206f6e6365436c6561722e4865722067617264656e2e31312d3233327d5d7d12007cb061b26ce1f5d4b0413780e20a0e03423e2c273e8d4c576660073e36647c8738e0423680d11039bb928b26fa01580ecd1c0c02";
const AUDIT_PACKED: &str = "0261000000000000000028b52ffd20ca0d01003031312d323331090051ab013732007535100911a0075200da81c08090290e1104";
const REPLY_PACKED: &str = "0264000000000000000028b52ffd203e75000020374633510200428036f9008740";

#[test]
fn every_kind_of_record_that_is_packed_is_read() {
    v2(Kind::Head, 7, HEAD_PACKED, &head());
    v2(Kind::Card, 8, CARD_PACKED, &card());
    v2(Kind::Audit, 0, AUDIT_PACKED, &audit());
    v2(Kind::Reply, 0, REPLY_PACKED, &reply());
}

#[test]
fn what_there_is_most_of_is_packed_and_the_rest_is_not() {
    let plain = codec::encode(Kind::Card, 8, &card());
    let packed = codec::packed(plain.clone());
    assert!(packed.len() < plain.len() * 2 / 3, "{}", packed.len());
    assert_eq!(codec::plain(&packed), plain);
    // Once is enough.
    assert_eq!(codec::packed(packed.clone()), packed);
    for stays in [
        codec::encode(Kind::Kit, 0, &samples::kit()),
        codec::encode(Kind::Audit, 0, &()),
        b"?".to_vec(),
        Vec::new(),
    ] {
        assert_eq!(codec::packed(stays.clone()), stays);
        assert_eq!(codec::plain(&stays), stays);
    }
}

#[test]
fn what_was_packed_and_is_damaged_is_an_error_and_goes_on_as_it_is() {
    let mut bytes = codec::packed(codec::encode(Kind::Card, 8, &card()));
    bytes.pop();
    let read = codec::decode::<Scorecard>(Kind::Card, &bytes);
    assert!(matches!(read, Err(StoreFault::Damaged { .. })));
    assert_eq!(codec::plain(&bytes), bytes);
}
