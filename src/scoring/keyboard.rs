//! Where letters lie on a keyboard, and how often hands that rest on it strike each.

/// How often a resting pair of hands strikes each letter.
pub(super) static RESTING: [f32; 26] = normalised([
    9.5, 1.6, 1.8, 10.0, 4.2, 10.0, 8.0, 8.0, 3.6, 10.0, 10.0, 9.5, 1.6, 1.8, 3.6, 2.8, 2.8, 4.0, 10.0, 2.8,
    3.2, 1.8, 4.2, 1.4, 2.4, 1.3,
]);

/// How often a finger that drifts strikes a key after another: letters 0 to 25 among the letters, digits 26 to 35 among the
/// digits.
pub(super) static NEAR: [[f32; 36]; 36] = {
    let mut table = [[0.0; 36]; 36];
    let mut last = 0;
    while last < 36 {
        let (mut row, mut sums) = ([0.0; 36], [0.0; 2]);
        let mut key = 0;
        while key < 36 {
            let (rows, columns) = apart(last, key);
            row[key] = if rows <= 1 && columns <= 1 { 1.0 } else { 0.06 };
            sums[(key >= 26) as usize] += row[key];
            key += 1;
        }
        key = 0;
        while key < 36 {
            row[key] /= sums[(key >= 26) as usize];
            key += 1;
        }
        table[last] = row;
        last += 1;
    }
    table
};

/// How many rows and columns two keys are apart; digits are in the row above the upper one.
const fn apart(one: usize, other: usize) -> (u8, u8) {
    let ((row_a, column_a), (row_b, column_b)) = (place(one), place(other));
    (row_a.abs_diff(row_b), column_a.abs_diff(column_b))
}

/// Row and column of a letter or digit, the row of the digits being 0.
const fn place(key: usize) -> (u8, u8) {
    if key < 26 {
        (PLACES[key].0 + 1, PLACES[key].1)
    } else {
        (0, (key as u8 - 26 + 9) % 10)
    }
}

/// How often a letter is struck after another: its neighbours, the other hand, or any.
pub(super) static AFTER: [[f32; 26]; 26] = {
    let mut table = [[0.0; 26]; 26];
    let mut last = 0;
    while last < 26 {
        let mut row = [0.0; 26];
        let mut key = 0;
        while key < 26 {
            let (row_a, column_a) = PLACES[last];
            let (row_b, column_b) = PLACES[key];
            let across = column_a.abs_diff(column_b);
            let same_hand = (column_a < 5) == (column_b < 5);
            let near = if key == last {
                0.4
            } else if row_a == row_b && across == 1 {
                3.4
            } else if row_a == row_b && across == 2 {
                1.6
            } else if across <= 1 {
                1.2
            } else if same_hand {
                0.8
            } else {
                1.1
            };
            row[key] = RESTING[key] * near;
            key += 1;
        }
        table[last] = normalised(row);
        last += 1;
    }
    table
};

/// Row and column of each letter on a keyboard.
pub(super) const PLACES: [(u8, u8); 26] = {
    let mut places = [(0, 0); 26];
    let rows: [&[u8]; 3] = [b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];
    let mut row = 0;
    while row < 3 {
        let mut column = 0;
        while column < rows[row].len() {
            places[(rows[row][column] - b'a') as usize] = (row as u8, column as u8);
            column += 1;
        }
        row += 1;
    }
    places
};

/// How many letters the right and the left hand reach in each row.
pub(super) const KEYS: [[f32; 2]; 3] = [[5.0, 5.0], [4.0, 5.0], [2.0, 5.0]];

const fn normalised(mut weights: [f32; 26]) -> [f32; 26] {
    let mut sum = 0.0;
    let mut at = 0;
    while at < 26 {
        sum += weights[at];
        at += 1;
    }
    at = 0;
    while at < 26 {
        weights[at] /= sum;
        at += 1;
    }
    weights
}
