import { Select, type SelectProps } from '@mantine/core';

/** A choice with its depth in the tree. */
export type PlaceChoice = { value: string; label: string; depth?: number };

type Props = Omit<SelectProps, 'data' | 'renderOption' | 'allowDeselect'> & {
  choices: PlaceChoice[];
};

/** A choice among parts of the organisation, each as far to the right as it lies deep. */
export function UnitSelect({ choices, ...props }: Props) {
  const depths = new Map(choices.map(({ value, depth }) => [value, depth ?? 0]));
  return (
    <Select
      {...props}
      allowDeselect={false}
      data={choices.map(({ value, label }) => ({ value, label }))}
      renderOption={({ option }) => (
        <span style={{ paddingInlineStart: `${(depths.get(option.value) ?? 0) * 16}px` }}>
          {option.label}
        </span>
      )}
    />
  );
}
