"""The rules that phiguard ships: data, a folder for each subject. Installed as ``phiguard.rulepacks``."""
