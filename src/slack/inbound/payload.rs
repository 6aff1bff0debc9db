//! The interaction in a form, taken out of it. Every click is one long field of this kind, so it is read by a table instead of by a reader of any form.

/// What a hexadecimal digit stands for; [`NONE`] for every other byte.
const DIGITS: [u8; 256] = {
    let mut digits = [NONE; 256];
    let mut value = 0;
    while value < 16 {
        digits[b"0123456789abcdef"[value as usize] as usize] = value;
        digits[b"0123456789ABCDEF"[value as usize] as usize] = value;
        value += 1;
    }
    digits
};
const NONE: u8 = u8::MAX;

/// The value of a form's first field, if that is `payload`, decoded in its place as
/// [the URL standard says](https://url.spec.whatwg.org/#urlencoded-parsing): a percent sign that no two digits follow stands for itself.
pub(super) fn payload(form: &mut [u8]) -> Option<&[u8]> {
    const NAME: &[u8] = b"payload=";
    if !form.starts_with(NAME) {
        return None;
    }
    let value = &mut form[NAME.len()..];
    let (mut read, mut written) = (0, 0);
    while let [byte, rest @ ..] = &value[read..] {
        let (decoded, length) = match (byte, rest) {
            (b'&', _) => break,
            (b'+', _) => (b' ', 1),
            (b'%', [high, low, ..]) => {
                match (DIGITS[usize::from(*high)], DIGITS[usize::from(*low)]) {
                    (NONE, _) | (_, NONE) => (b'%', 1),
                    (high, low) => (high << 4 | low, 3),
                }
            }
            _ => (*byte, 1),
        };
        // It never overtakes what is still to be read.
        value[written] = decoded;
        read += length;
        written += 1;
    }
    Some(&value[..written])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What a reader of any form makes of it.
    fn by_the_library(form: &[u8]) -> Option<String> {
        let (name, value) = form_urlencoded::parse(form).next()?;
        (name == "payload").then(|| value.into_owned())
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn it_reads_what_a_reader_of_any_form_reads(
            value in prop::collection::vec(prop_oneof![
                Just(b'%'), Just(b'+'), Just(b'&'), Just(b'='), Just(b'7'), Just(b'b'), Just(b'B'), any::<u8>(),
            ], 0..60),
        ) {
            let mut form = [b"payload=".as_slice(), &value].concat();
            let library = by_the_library(&form).expect("it is the first field");
            let read = payload(&mut form).expect("it is the first field");
            prop_assert_eq!(String::from_utf8_lossy(read), library);
        }
    }

    #[test]
    fn what_does_not_begin_with_it_is_none() {
        for form in ["", "payload", "payloads=x", "command=x&payload=y"] {
            let mut bytes = form.as_bytes().to_vec();
            assert_eq!(payload(&mut bytes), None, "{form}");
            assert_eq!(bytes, form.as_bytes());
        }
    }
}
