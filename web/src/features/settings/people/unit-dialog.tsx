import { Button, Select, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { DialogForm } from '@/ui/dialog-form';
import { useFieldError } from '@/ui/form-error';
import { type Unit, useDeleteUnit, useSaveUnit } from './api';
import { unitChoices, withBelow } from './tree';
import { UnitSelect } from './unit-select';

const KINDS = ['region', 'country', 'area'];

type Props = {
  /** None for a new one. */
  unit?: Unit | undefined;
  units: Unit[];
  onClose: () => void;
};

/** What a part of the organisation is called, what it is, and where it lies. */
export function UnitDialog({ unit, units, onClose }: Props) {
  const { t } = useTranslation('people');
  const [save, remove] = [useSaveUnit(), useDeleteUnit()];
  const error = save.error ?? remove.error;
  const fieldError = useFieldError(error);
  const [name, setName] = useState(unit?.name ?? '');
  const [kind, setKind] = useState(unit?.kind ?? 'region');
  const [parent, setParent] = useState(unit?.parent_id ?? '');
  const own = unit ? withBelow(units, unit.id) : new Set<string>();

  function submit() {
    const body = { name, kind, parent_id: parent || null };
    save.mutate({ unit, body }, { onSuccess: onClose });
  }

  return (
    <DialogForm
      title={unit ? t('edit_named', unit) : t('unit_add')}
      error={error}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextInput
        label={t('name')}
        required
        withAsterisk={false}
        data-autofocus
        maxLength={80}
        value={name}
        error={fieldError('name')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t('unit_kind_title')}
        allowDeselect={false}
        data={KINDS.map((value) => ({ value, label: t(`unit_kind.${value}`) }))}
        value={kind}
        error={fieldError('kind')}
        onChange={(value) => setKind(value ?? kind)}
      />
      <UnitSelect
        label={t('unit_parent')}
        choices={[
          { value: '', label: t('place.chain') },
          ...unitChoices(units).filter((choice) => !own.has(choice.value)),
        ]}
        value={parent}
        error={fieldError('parent_id')}
        onChange={(value) => setParent(value ?? '')}
      />
      {unit && (
        <div>
          <Button
            variant="subtle"
            color="red"
            loading={remove.isPending}
            leftSection={<IconTrash size={16} aria-hidden />}
            onClick={() => remove.mutate(unit.id, { onSuccess: onClose })}
          >
            {t('unit_delete')}
          </Button>
        </div>
      )}
    </DialogForm>
  );
}
