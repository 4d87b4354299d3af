"""Forms of the set-up. They check shape; the core's dataclasses check the rules."""
