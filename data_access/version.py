"""The version of Rewardscope: of the wheel, of `rewardscope --version`, and of what a report says it was made with."""

VERSION = "0.1.0"
