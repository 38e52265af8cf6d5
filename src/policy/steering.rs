//! Variables that programs take orders from.

/// Returns whether a variable of this name makes ordinary programs load or run something else, or find other
/// programs and files than their user means.
///
/// Whoever may write a value into the store would run programs as everybody who uses it, so no value is handed
/// out by such a name. The list is that of `sudo` (`initial_badenv_table`), and what language runtimes, git and
/// dynamic loaders document; comparison is exact, as the readers' own is.
pub fn steers_programs(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok() || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Loaders, git, and mintage itself read every name that begins so.
const PREFIXES: &[&str] = &[
    "BASH_FUNC_",
    "CORECLR_",
    "DYLD_",
    "GIT_",
    "GLIBC_",
    "LD_",
    "LUA_",
    "MALLOC_",
    "MINTAGE_",
    "NIX_LD",
    "NPM_CONFIG_",
    "PERL5",
    "RES_",
    "SOPS_AGE_",
    "TERMCAP",
    "TERMINFO",
    "TERMPATH",
    "npm_config_",
];

/// Sorted.
const NAMES: &[&str] = &[
    "BASHOPTS",
    "BASH_ENV",
    "BASH_LOADABLES_PATH",
    "BROWSER",
    "BUN_OPTIONS",
    "CDPATH",
    "CLASSPATH",
    "COR_ENABLE_PROFILING",
    "COR_PROFILER",
    "COR_PROFILER_PATH",
    "DENO_V8_FLAGS",
    "DOTNET_STARTUP_HOOKS",
    "EDITOR",
    "ENV",
    "ERL_AFLAGS",
    "ERL_FLAGS",
    "ERL_ZFLAGS",
    "FPATH",
    "GCONV_PATH",
    "GETCONF_DIR",
    "GLOBIGNORE",
    "HOME",
    "HOSTALIASES",
    "IFS",
    "JAVA_OPTS",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "KSH_ENV",
    "LESSCLOSE",
    "LESSOPEN",
    "LOCALDOMAIN",
    "LOCPATH",
    "LOGNAME",
    "MAKEFLAGS",
    "NLSPATH",
    "NODE_OPTIONS",
    "NODE_PATH",
    "NULLCMD",
    "OPENSSL_CONF",
    "OPENSSL_ENGINES",
    "OPENSSL_MODULES",
    "PAGER",
    "PATH",
    "PATH_LOCALE",
    "PERLIO_DEBUG",
    "PERLLIB",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "PROMPT_COMMAND",
    "PS4",
    "PYTHONBREAKPOINT",
    "PYTHONEXECUTABLE",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONPATH",
    "PYTHONPLATLIBDIR",
    "PYTHONPYCACHEPREFIX",
    "PYTHONSTARTUP",
    "PYTHONUSERBASE",
    "PYTHONWARNINGS",
    "READNULLCMD",
    "RESOLV_HOST_CONF",
    "RUBYLIB",
    "RUBYOPT",
    "RUBYPATH",
    "RUBYSHELL",
    "SHELL",
    "SHELLOPTS",
    "SSH_ASKPASS",
    "SUDO_ASKPASS",
    "TMPDIR",
    "TMPPREFIX",
    "TZDIR",
    "USER",
    "VISUAL",
    "ZDOTDIR",
    "_JAVA_OPTIONS",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Policy;
    use crate::policy::presets;

    #[test]
    fn names_are_sorted_so_that_they_are_found() {
        assert!(NAMES.is_sorted());
        assert!(NAMES.iter().all(|name| steers_programs(name)));
    }

    #[test]
    fn what_loaders_shells_runtimes_and_git_obey_is_known() {
        for name in [
            "PATH",
            "LD_PRELOAD",
            "LD_LIBRARY_PATH",
            "DYLD_INSERT_LIBRARIES",
            "BASH_ENV",
            "ENV",
            "IFS",
            "SHELLOPTS",
            "NODE_OPTIONS",
            "PYTHONSTARTUP",
            "PERL5OPT",
            "RUBYOPT",
            "GIT_SSH_COMMAND",
            "SOPS_AGE_KEY",
            "MINTAGE_IDENTITY",
            "TERMINFO",
            "JAVA_TOOL_OPTIONS",
        ] {
            assert!(steers_programs(name), "{name}");
        }
    }

    #[test]
    fn no_secret_of_a_preset_is_taken_for_one() {
        for preset in presets() {
            let policy = Policy::parse(preset.name, preset.text).unwrap();
            for name in policy.secret_names() {
                assert!(!steers_programs(name.as_str()), "{}: {name}", preset.name);
            }
        }
        for name in [
            "GITHUB_TOKEN",
            "PATHFINDER_KEY",
            "TOKEN",
            "DATABASE_URL",
            "PGPASSWORD",
            "REDISCLI_AUTH",
        ] {
            assert!(!steers_programs(name), "{name}");
        }
    }
}
