//! What each dialect reads as `A`, as measured on its reader (compose and docker on compose-go 2.13 and the docker CLI
//! 28.2).

use crate::dialects::Expected;
use crate::dialects::Expected::Executed;
use crate::dialects::Expected::Expanded;
use crate::dialects::Expected::Inherited;
use crate::dialects::Expected::Missing;
use crate::dialects::Expected::Refused;
use crate::dialects::Expected::Unset;
use crate::dialects::Expected::Value;

/// A file, and for groups of dialects what they read; `all` stands for every dialect.
pub type Case = (&'static [u8], &'static [(&'static str, Expected)]);

/// Every case.
pub const CASES: &[Case] = &[
    (
        b"A=\"x\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"x")),
            ("docker", Value(b"\"x\"")),
        ],
    ),
    (
        b"A=\'x\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"x")),
            ("docker", Value(b"\'x\'")),
        ],
    ),
    (
        b"A=abc #note",
        &[
            ("dotenv node python compose shell", Value(b"abc")),
            ("docker systemd", Value(b"abc #note")),
        ],
    ),
    (
        b"A=abc\t#note",
        &[
            ("dotenv python shell", Value(b"abc")),
            ("node", Value(b"abc\t")),
            ("compose docker systemd", Value(b"abc\t#note")),
        ],
    ),
    (
        b"A=abc#def",
        &[
            ("dotenv node", Value(b"abc")),
            ("python compose docker systemd shell", Value(b"abc#def")),
        ],
    ),
    (
        b"A=\"abc\" # n",
        &[
            ("dotenv node python compose shell", Value(b"abc")),
            ("docker", Value(b"\"abc\" # n")),
            ("systemd", Value(b"abc# n")),
        ],
    ),
    (
        b"A=\'abc\'# n",
        &[
            ("dotenv node python compose", Value(b"abc")),
            ("docker", Value(b"\'abc\'# n")),
            ("systemd", Value(b"abc# n")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=#abc",
        &[
            ("dotenv node", Value(b"")),
            ("python compose docker systemd shell", Value(b"#abc")),
        ],
    ),
    (
        b"A= #abc",
        &[
            ("dotenv node python shell", Value(b"")),
            ("compose systemd", Value(b"#abc")),
            ("docker", Value(b" #abc")),
        ],
    ),
    (
        b"A=x$HOME",
        &[
            ("dotenv node python docker systemd", Value(b"x$HOME")),
            ("compose shell", Expanded),
        ],
    ),
    (
        b"A=x${HOME}",
        &[
            ("dotenv node docker systemd", Value(b"x${HOME}")),
            ("python compose shell", Expanded),
        ],
    ),
    (
        b"A=\"x$HOME\"",
        &[
            ("dotenv node python systemd", Value(b"x$HOME")),
            ("compose shell", Expanded),
            ("docker", Value(b"\"x$HOME\"")),
        ],
    ),
    (
        b"A=\"x${HOME}\"",
        &[
            ("dotenv node systemd", Value(b"x${HOME}")),
            ("python compose shell", Expanded),
            ("docker", Value(b"\"x${HOME}\"")),
        ],
    ),
    (
        b"A=\'x$HOME\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"x$HOME")),
            ("docker", Value(b"\'x$HOME\'")),
        ],
    ),
    (
        b"A=\'x${HOME}\'",
        &[
            ("dotenv node compose systemd shell", Value(b"x${HOME}")),
            ("python", Expanded),
            ("docker", Value(b"\'x${HOME}\'")),
        ],
    ),
    (
        b"A=pa$$word",
        &[
            ("dotenv node python docker systemd", Value(b"pa$$word")),
            ("compose", Value(b"pa$word")),
            ("shell", Expanded),
        ],
    ),
    (
        b"A=\"pa$$word\"",
        &[
            ("dotenv node python systemd", Value(b"pa$$word")),
            ("compose", Value(b"pa$word")),
            ("docker", Value(b"\"pa$$word\"")),
            ("shell", Expanded),
        ],
    ),
    (
        b"A=\'pa$$word\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"pa$$word")),
            ("docker", Value(b"\'pa$$word\'")),
        ],
    ),
    (
        b"A=a@#$%^&*(-_)",
        &[
            ("dotenv node", Value(b"a@")),
            ("python compose docker systemd", Value(b"a@#$%^&*(-_)")),
            ("shell", Refused),
        ],
    ),
    (
        b"A=\"a@#$%^&*(-_)\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"a@#$%^&*(-_)")),
            ("docker", Value(b"\"a@#$%^&*(-_)\"")),
        ],
    ),
    (
        b"A=\"a\\nb\"",
        &[
            ("dotenv node python compose", Value(b"a\nb")),
            ("docker", Value(b"\"a\\nb\"")),
            ("systemd shell", Value(b"a\\nb")),
        ],
    ),
    (
        b"A=\'a\\nb\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"a\\nb")),
            ("docker", Value(b"\'a\\nb\'")),
        ],
    ),
    (
        b"A=a\\nb",
        &[
            ("dotenv node python compose docker", Value(b"a\\nb")),
            ("systemd shell", Value(b"anb")),
        ],
    ),
    (
        b"A=\"a\\tb\"",
        &[
            ("dotenv node systemd shell", Value(b"a\\tb")),
            ("python compose", Value(b"a\tb")),
            ("docker", Value(b"\"a\\tb\"")),
        ],
    ),
    (
        b"A=\"C:\\temp\"",
        &[
            ("dotenv node systemd shell", Value(b"C:\\temp")),
            ("python compose", Value(b"C:\temp")),
            ("docker", Value(b"\"C:\\temp\"")),
        ],
    ),
    (
        b"A=C:\\temp",
        &[
            ("dotenv node python compose docker", Value(b"C:\\temp")),
            ("systemd shell", Value(b"C:temp")),
        ],
    ),
    (
        b"A=\'C:\\temp\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"C:\\temp")),
            ("docker", Value(b"\'C:\\temp\'")),
        ],
    ),
    (
        b"A=\"a\\\"b\"",
        &[
            ("dotenv", Value(b"a\\\"b")),
            ("node", Value(b"a\\")),
            ("python compose systemd shell", Value(b"a\"b")),
            ("docker", Value(b"\"a\\\"b\"")),
        ],
    ),
    (
        b"A=\'a\\\'b\'",
        &[
            ("dotenv", Value(b"a\\\'b")),
            ("node", Value(b"a\\")),
            ("python compose", Value(b"a\'b")),
            ("docker", Value(b"\'a\\\'b\'")),
            ("systemd", Value(b"a\\b\'")),
            ("shell", Refused),
        ],
    ),
    (
        b"A=\'it\'\"\'\"\'s\'",
        &[
            ("dotenv", Value(b"it\'\"\'\"\'s")),
            ("node", Value(b"it")),
            ("python", Missing),
            ("compose", Refused),
            ("docker", Value(b"\'it\'\"\'\"\'s\'")),
            ("systemd shell", Value(b"it\'s")),
        ],
    ),
    (
        b"A=\'it\'\\\'\'s\'",
        &[
            ("dotenv", Value(b"it\'\\\'\'s")),
            ("node", Value(b"it")),
            ("python", Missing),
            ("compose", Refused),
            ("docker", Value(b"\'it\'\\\'\'s\'")),
            ("systemd", Value(b"it\'\'s\'")),
            ("shell", Value(b"it\'s")),
        ],
    ),
    (
        b"A=it\'s",
        &[
            ("dotenv node python compose docker systemd", Value(b"it\'s")),
            ("shell", Refused),
        ],
    ),
    (
        b"A=\"it\'s\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"it\'s")),
            ("docker", Value(b"\"it\'s\"")),
        ],
    ),
    (
        b"A=\"one\ntwo\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"one\ntwo")),
            ("docker", Value(b"\"one")),
        ],
    ),
    (
        b"A=\'one\ntwo\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"one\ntwo")),
            ("docker", Value(b"\'one")),
        ],
    ),
    (
        b"A=\"open\nB=1",
        &[
            ("dotenv node docker", Value(b"\"open")),
            ("python", Missing),
            ("compose shell", Refused),
            ("systemd", Value(b"open\nB=1")),
        ],
    ),
    (
        b"A=\'open\nB=1",
        &[
            ("dotenv node docker", Value(b"\'open")),
            ("python", Missing),
            ("compose shell", Refused),
            ("systemd", Value(b"open\nB=1")),
        ],
    ),
    (
        b"A=`x`",
        &[
            ("dotenv node", Value(b"x")),
            ("python compose docker systemd", Value(b"`x`")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=`x y`",
        &[
            ("dotenv node", Value(b"x y")),
            ("python compose docker systemd", Value(b"`x y`")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=\"`x`\"",
        &[
            ("dotenv node python compose systemd", Value(b"`x`")),
            ("docker", Value(b"\"`x`\"")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=\'`x`\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"`x`")),
            ("docker", Value(b"\'`x`\'")),
        ],
    ),
    (
        b"A=$(echo hi)",
        &[
            ("dotenv node python compose docker systemd", Value(b"$(echo hi)")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=\"$(echo hi)\"",
        &[
            ("dotenv node python compose systemd", Value(b"$(echo hi)")),
            ("docker", Value(b"\"$(echo hi)\"")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=\'$(echo hi)\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"$(echo hi)")),
            ("docker", Value(b"\'$(echo hi)\'")),
        ],
    ),
    (
        b"export A=x",
        &[
            ("dotenv node python compose shell", Value(b"x")),
            ("docker", Refused),
            ("systemd", Missing),
        ],
    ),
    (
        b"export  A=\"x y\"",
        &[
            ("dotenv python compose shell", Value(b"x y")),
            ("node systemd", Missing),
            ("docker", Refused),
        ],
    ),
    (
        b"export\tA=x",
        &[
            ("dotenv python compose shell", Value(b"x")),
            ("node systemd", Missing),
            ("docker", Refused),
        ],
    ),
    (
        b"A = abc",
        &[
            ("dotenv node python compose systemd", Value(b"abc")),
            ("docker", Refused),
            ("shell", Missing),
        ],
    ),
    (
        b"A =abc",
        &[
            ("dotenv node python compose systemd", Value(b"abc")),
            ("docker", Refused),
            ("shell", Missing),
        ],
    ),
    (
        b"A= abc",
        &[
            ("dotenv node python compose systemd", Value(b"abc")),
            ("docker", Value(b" abc")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=abc ",
        &[
            ("dotenv node python compose systemd shell", Value(b"abc")),
            ("docker", Value(b"abc ")),
        ],
    ),
    (
        b"A=a b",
        &[
            ("dotenv node python compose docker systemd", Value(b"a b")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=\"a b\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"a b")),
            ("docker", Value(b"\"a b\"")),
        ],
    ),
    (
        b"A=a&b",
        &[
            ("dotenv node python compose docker systemd", Value(b"a&b")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=a;b",
        &[
            ("dotenv node python compose docker systemd", Value(b"a;b")),
            ("shell", Value(b"a")),
        ],
    ),
    (
        b"A=a(b",
        &[
            ("dotenv node python compose docker systemd", Value(b"a(b")),
            ("shell", Refused),
        ],
    ),
    (
        b"A=a|b",
        &[
            ("dotenv node python compose docker systemd", Value(b"a|b")),
            ("shell", Refused),
        ],
    ),
    (
        b"A=a<b",
        &[
            ("dotenv node python compose docker systemd", Value(b"a<b")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=a>b",
        &[
            ("dotenv node python compose docker systemd", Value(b"a>b")),
            ("shell", Executed),
        ],
    ),
    (b"A=a*b", &[("all", Value(b"a*b"))]),
    (b"A=a?b", &[("all", Value(b"a?b"))]),
    (
        b"A=~",
        &[
            ("dotenv node python compose docker systemd", Value(b"~")),
            ("shell", Expanded),
        ],
    ),
    (
        b"A=a:~",
        &[
            ("dotenv node python compose docker systemd", Value(b"a:~")),
            ("shell", Expanded),
        ],
    ),
    (b"A=a!b", &[("all", Value(b"a!b"))]),
    (b"A={a,b}", &[("all", Value(b"{a,b}"))]),
    (b"A=a=b==", &[("all", Value(b"a=b=="))]),
    (b"A=1\nA=2", &[("all", Value(b"2"))]),
    (
        b"A=1\nA=\"2\"\nB=3",
        &[
            ("dotenv node python compose systemd shell", Value(b"2")),
            ("docker", Value(b"\"2\"")),
        ],
    ),
    (
        b"\xef\xbb\xbfA=x",
        &[
            ("dotenv python compose docker", Value(b"x")),
            ("node systemd shell", Missing),
        ],
    ),
    (
        b"B=1\r\nA=x\r\n",
        &[
            ("dotenv node python compose docker systemd", Value(b"x")),
            ("shell", Value(b"x\r")),
        ],
    ),
    (
        b"A=\"x\"\r\n",
        &[
            ("dotenv node python compose systemd", Value(b"x")),
            ("docker", Value(b"\"x\"")),
            ("shell", Value(b"x\r")),
        ],
    ),
    (
        b"A\nB=1",
        &[
            ("dotenv node systemd shell", Missing),
            ("python", Unset),
            ("compose docker", Inherited),
        ],
    ),
    (
        b"B=1\nA",
        &[
            ("dotenv node compose systemd shell", Missing),
            ("python", Unset),
            ("docker", Inherited),
        ],
    ),
    (
        b"A: x",
        &[
            ("dotenv compose", Value(b"x")),
            ("node python systemd shell", Missing),
            ("docker", Refused),
        ],
    ),
    (
        b"A:x",
        &[
            ("dotenv node python docker systemd shell", Missing),
            ("compose", Value(b"x")),
        ],
    ),
    (
        b"<<<<<<< HEAD\nA=1\n=======\nA=2\n>>>>>>> b",
        &[
            ("dotenv python systemd", Value(b"2")),
            ("node", Missing),
            ("compose docker shell", Refused),
        ],
    ),
    (b"A-B=1\nA=x", &[("all", Value(b"x"))]),
    (b"A.B=1\nA=x", &[("all", Value(b"x"))]),
    (b"1X=1\nA=x", &[("all", Value(b"x"))]),
    (
        b"A=\"\\$HOME\"",
        &[
            ("dotenv node python", Value(b"\\$HOME")),
            ("compose systemd shell", Value(b"$HOME")),
            ("docker", Value(b"\"\\$HOME\"")),
        ],
    ),
    (
        b"A=\"a\\\\b\"",
        &[
            ("dotenv node", Value(b"a\\\\b")),
            ("python compose systemd shell", Value(b"a\\b")),
            ("docker", Value(b"\"a\\\\b\"")),
        ],
    ),
    (
        b"A=a\\\\b",
        &[
            ("dotenv node python compose docker", Value(b"a\\\\b")),
            ("systemd shell", Value(b"a\\b")),
        ],
    ),
    (
        b"A=\"a\\",
        &[
            ("dotenv docker", Value(b"\"a\\")),
            ("node python", Missing),
            ("compose shell", Refused),
            ("systemd", Value(b"a")),
        ],
    ),
    (b"A=", &[("all", Value(b""))]),
    (
        b"A=\"\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"")),
            ("docker", Value(b"\"\"")),
        ],
    ),
    (
        b"A=\'\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"")),
            ("docker", Value(b"\'\'")),
        ],
    ),
    (
        b"A=\"x\"y",
        &[
            ("dotenv docker", Value(b"\"x\"y")),
            ("node compose", Value(b"x")),
            ("python", Missing),
            ("systemd shell", Value(b"xy")),
        ],
    ),
    (
        b"A=x\"y\"",
        &[
            ("dotenv node python compose docker systemd", Value(b"x\"y\"")),
            ("shell", Value(b"xy")),
        ],
    ),
    (
        b"A=\"a\" \"b\"",
        &[
            ("dotenv", Value(b"a\" \"b")),
            ("node", Value(b"a")),
            ("python", Missing),
            ("compose", Refused),
            ("docker", Value(b"\"a\" \"b\"")),
            ("systemd", Value(b"ab")),
            ("shell", Executed),
        ],
    ),
    (b"# c\nA=x", &[("all", Value(b"x"))]),
    (
        b"; c\nA=x",
        &[
            ("dotenv python systemd", Value(b"x")),
            ("node", Missing),
            ("compose docker shell", Refused),
        ],
    ),
    (b"  A=x", &[("all", Value(b"x"))]),
    (
        b"A=a\\ b",
        &[
            ("dotenv node python compose docker", Value(b"a\\ b")),
            ("systemd shell", Value(b"a b")),
        ],
    ),
    (
        b"A=a\\\nb",
        &[
            ("dotenv node python compose docker", Value(b"a\\")),
            ("systemd shell", Value(b"ab")),
        ],
    ),
    (
        b"A=\"a\\\nb\"",
        &[
            ("dotenv node python compose", Value(b"a\\\nb")),
            ("docker", Value(b"\"a\\")),
            ("systemd shell", Value(b"ab")),
        ],
    ),
    (
        b"A+=x",
        &[
            ("dotenv node python docker systemd", Missing),
            ("compose", Refused),
            ("shell", Expanded),
        ],
    ),
    (b"A=\xc3\xa9", &[("all", Value(b"\xc3\xa9"))]),
    (
        b"A=\"#x\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"#x")),
            ("docker", Value(b"\"#x\"")),
        ],
    ),
    (
        b"A=\'a#b\'",
        &[
            ("dotenv node python compose systemd shell", Value(b"a#b")),
            ("docker", Value(b"\'a#b\'")),
        ],
    ),
    (
        b"A=\"$\"",
        &[
            ("dotenv node python compose systemd shell", Value(b"$")),
            ("docker", Value(b"\"$\"")),
        ],
    ),
    (b"A=a$", &[("all", Value(b"a$"))]),
    (
        b"A=$1",
        &[
            ("dotenv node python compose docker systemd", Value(b"$1")),
            ("shell", Expanded),
        ],
    ),
    (
        b"A=$\'a\\nb\'",
        &[
            ("dotenv node python compose docker", Value(b"$\'a\\nb\'")),
            ("systemd", Value(b"$\'anb\'")),
            ("shell", Refused),
        ],
    ),
    (b"A=x\n\n\n# end", &[("all", Value(b"x"))]),
    (b"A[0]=x", &[("all", Missing)]),
    (
        b"set -a\nA=x",
        &[
            ("dotenv python systemd", Value(b"x")),
            ("node", Missing),
            ("compose docker shell", Refused),
        ],
    ),
    (
        b"A=1 B=2",
        &[
            ("dotenv node python compose docker systemd", Value(b"1 B=2")),
            ("shell", Value(b"1")),
        ],
    ),
    (
        b"A=1; B=2",
        &[
            ("dotenv node python compose docker systemd", Value(b"1; B=2")),
            ("shell", Value(b"1")),
        ],
    ),
    (
        b"A=\'x\' \'y\'",
        &[
            ("dotenv", Value(b"x\' \'y")),
            ("node", Value(b"x")),
            ("python", Missing),
            ("compose", Refused),
            ("docker", Value(b"\'x\' \'y\'")),
            ("systemd", Value(b"xy")),
            ("shell", Executed),
        ],
    ),
    (
        b"A=\"a\\0123\"",
        &[
            ("dotenv node python systemd shell", Value(b"a\\0123")),
            ("compose", Value(b"aS")),
            ("docker", Value(b"\"a\\0123\"")),
        ],
    ),
    (
        b"A=\"\\a\\v\"",
        &[
            ("dotenv node systemd shell", Value(b"\\a\\v")),
            ("python compose", Value(b"\x07\x0b")),
            ("docker", Value(b"\"\\a\\v\"")),
        ],
    ),
    (
        b"A=\xff",
        &[
            ("dotenv node", Value(b"\xef\xbf\xbd")),
            ("python docker systemd", Refused),
            ("compose shell", Value(b"\xff")),
        ],
    ),
    (b"B=1\nA=x\x00y\n", &[("all", Refused)]),
];
