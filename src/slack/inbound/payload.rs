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

/// The value of a form's first field, if that is `payload`, decoded as
/// [the URL standard says](https://url.spec.whatwg.org/#urlencoded-parsing): a percent sign that no two digits follow stands for itself.
pub(super) fn payload(form: &[u8]) -> Option<Vec<u8>> {
    let mut left = form.strip_prefix(b"payload=")?;
    let mut value = Vec::with_capacity(left.len());
    loop {
        left = match *left {
            [] | [b'&', ..] => return Some(value),
            [b'%', high, low, ref rest @ ..] => {
                let (high, low) = (DIGITS[usize::from(high)], DIGITS[usize::from(low)]);
                if high == NONE || low == NONE {
                    value.push(b'%');
                    &left[1..]
                } else {
                    value.push(high << 4 | low);
                    rest
                }
            }
            [b'+', ref rest @ ..] => {
                value.push(b' ');
                rest
            }
            [byte, ref rest @ ..] => {
                value.push(byte);
                rest
            }
        };
    }
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
            let form = [b"payload=".as_slice(), &value].concat();
            let read = payload(&form).expect("it is the first field");
            let library = by_the_library(&form).expect("it is the first field");
            prop_assert_eq!(String::from_utf8_lossy(&read), library);
        }
    }

    #[test]
    fn what_does_not_begin_with_it_is_none() {
        for form in ["", "payload", "payloads=x", "command=x&payload=y"] {
            assert_eq!(payload(form.as_bytes()), None, "{form}");
        }
    }
}
