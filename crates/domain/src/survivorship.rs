//! Which values a customer has after two became one.
//!
//! The winner keeps what it knows; what it does not know comes from the loser.
//! Values that belong together are filled together, and only where everything
//! the winner knows of the group agrees with the loser: half an address of one
//! town never meets half an address of another.

/// Fields of a customer by their names in the book, in groups that belong
/// together.
pub const GROUPS: [&[&str]; 7] = [
    &["name", "given_name", "family_name", "search_text"],
    &["country", "city", "address", "postcode"],
    &["gender"],
    &["birth_date"],
    &["language"],
    &["home_store_id"],
    &["note"],
];

/// The fields the winner takes from the loser; empty text means not known.
pub fn fields_to_fill(
    winner: impl Fn(&'static str) -> String,
    loser: impl Fn(&'static str) -> String,
) -> Vec<&'static str> {
    let mut filled = Vec::new();
    for group in GROUPS {
        let agrees = group.iter().all(|field| {
            let known = winner(field);
            known.is_empty() || known == loser(field)
        });
        if agrees {
            let missing =
                |field: &&&'static str| winner(field).is_empty() && !loser(field).is_empty();
            filled.extend(group.iter().filter(missing));
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(winner: &[(&str, &str)], loser: &[(&str, &str)], wanted: &[&str]) {
        let get = |row: &[(&str, &str)], field: &str| {
            row.iter()
                .find(|(name, _)| *name == field)
                .map_or(String::new(), |(_, v)| (*v).to_owned())
        };
        let filled = fields_to_fill(|field| get(winner, field), |field| get(loser, field));
        assert_eq!(filled, wanted, "{winner:?} {loser:?}");
    }

    #[test]
    fn what_is_known_stays() {
        check(&[("gender", "female")], &[("gender", "male")], &[]);
        check(
            &[],
            &[("gender", "male"), ("birth_date", "1990-02-28")],
            &["gender", "birth_date"],
        );
        check(&[("note", "VIP")], &[("note", "allergic")], &[]);
        check(&[("note", "VIP")], &[], &[]);
    }

    #[test]
    fn groups_are_filled_whole_or_not_at_all() {
        let rome = [
            ("country", "IT"),
            ("city", "Rome"),
            ("address", "Via Appia 1"),
        ];
        check(&[], &rome, &["country", "city", "address"]);
        check(&[("country", "IT")], &rome, &["city", "address"]);
        check(&[("country", "SG")], &rome, &[]);
        check(&[("city", "Milan")], &rome, &[]);
        let lei = [
            ("name", "Li Lei"),
            ("given_name", "Lei"),
            ("family_name", "Li"),
        ];
        check(&[("name", "Li Lei")], &lei, &["given_name", "family_name"]);
        check(&[("name", "李雷")], &lei, &[]);
    }
}
