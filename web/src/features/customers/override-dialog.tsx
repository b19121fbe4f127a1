import { Select, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Api } from '@/api/types';
import { useLabel } from '@/lib/use-format';
import { DialogForm } from '@/ui/dialog-form';
import { useFieldError } from '@/ui/form-error';
import { tiersQuery, useOverride } from './api';

type Props = { customer: Api<'Customer'>; etag: string; onClose: () => void };

/** Gives a tier by hand, with a reason and an end, or a floor below which nobody falls. */
export function OverrideDialog({ customer, etag, onClose }: Props) {
  const { t } = useTranslation('customers');
  const label = useLabel();
  const old = customer.grade?.override;
  const [tier, setTier] = useState(old?.manual_tier ?? '');
  const [reason, setReason] = useState(old?.manual_reason ?? '');
  const [until, setUntil] = useState(old?.manual_until ?? '');
  const [floor, setFloor] = useState(old?.floor_tier ?? '');
  const levels = useQuery(tiersQuery).data?.published.levels ?? [];
  const save = useOverride(customer.id);
  const fieldError = useFieldError(save.error);
  const options = (none: string) => [
    { value: '', label: none },
    ...levels.map((level) => ({ value: level.code, label: label(level.name) })),
  ];

  function submit() {
    const body: Api<'PutOverride'> = {
      manual_tier: tier || null,
      manual_reason: tier ? reason : null,
      manual_until: tier && until ? until : null,
      floor_tier: floor || null,
    };
    save.mutate({ etag, body }, { onSuccess: onClose });
  }

  return (
    <DialogForm
      title={t('override.title')}
      error={save.error}
      busy={save.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <Select
        label={t('override.manual')}
        data={options(t('override.by_rule'))}
        value={tier}
        error={fieldError('manual_tier')}
        onChange={(value) => setTier(value ?? '')}
      />
      {tier && (
        <>
          <Textarea
            label={t('override.reason')}
            required
            withAsterisk={false}
            value={reason}
            error={fieldError('manual_reason')}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label={t('override.until')}
            description={t('override.until_hint')}
            value={until}
            error={fieldError('manual_until')}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </>
      )}
      <Select
        label={t('override.floor')}
        description={t('override.floor_hint')}
        data={options(t('override.no_floor'))}
        value={floor}
        error={fieldError('floor_tier')}
        onChange={(value) => setFloor(value ?? '')}
      />
    </DialogForm>
  );
}
